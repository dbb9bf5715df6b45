"""Requests between invented States, each with the peers that people would call right for it.

The labels were written from the sentences, before there was a score, and know nothing of its
weights. A provider: code, group, lists, languages, themes, capacities, types, exchanges a year,
running ones, tracking tool, hours from UTC, exchanges held. A request: what is wanted in words,
themes, capacities, type, languages, group, lists, hours from UTC, and the right peers.
"""

from __future__ import annotations

PROVIDERS = """
ald|AG|ldc|fr|children education|engagement|study_visit mentoring|3|0|-|0|1
bre|WEOG||en fr|women equality-non-discrimination|consultation|expert_mission workshop|4|1|tool|1|5
cor|GRULAC|sids|en|environment health|coordination|online_clinic document_review|3|0|tool|-4|2
dun|APG|sids|en|environment participation-vote|information_management|online_clinic mentoring|2|0|tool|12|1
est|EEG||ru en|administration-of-justice legal-institutional-framework|engagement|document_review expert_mission|3|0|-|3|4
far|AG||en|health standard-of-living|coordination|study_visit expert_mission|2|0|-|3|0
gal|GRULAC||es|cooperation-with-mechanisms legal-institutional-framework|information_management|expert_mission study_visit workshop|5|2|tool|-4|6
hes|GRULAC||es pt|indigenous-peoples environment|consultation|study_visit workshop|3|0|tool|-3|2
ire|WEOG||en|business labour|coordination|workshop online_clinic|4|0|-|0|3
jor|EEG||en|minorities equality-non-discrimination|consultation|workshop expert_mission|3|0|tool|2|1
kes|APG|lldc|ru|labour migrants|coordination|study_visit|2|0|-|5|0
lum|AG|ldc lldc|fr|women children|consultation|mentoring online_clinic|2|0|-|1|1
mer|APG||ar en|education human-rights-education|engagement|workshop|3|0|-|3|2
nor|WEOG||en es|persons-with-disabilities education|consultation|expert_mission document_review|4|0|tool|1|4
osm|APG||ar|cooperation-with-mechanisms|engagement|mentoring document_review|2|0|tool|3|1
pel|GRULAC|sids|es|health women|engagement|study_visit mentoring|2|0|-|-5|0
qua|AG||pt|education children|coordination|study_visit workshop|3|0|-|0|1
ros|EEG||ru|liberty-security physical-moral-integrity|engagement|expert_mission workshop|3|0|-|4|2
sor|AG||en fr|migrants refugees-asylum-seekers|coordination|study_visit expert_mission|3|1|tool|2|3
tal|APG|ldc sids|en|standard-of-living environment|coordination|mentoring|1|0|-|11|0
umb|WEOG||en fr|fundamental-freedoms human-rights-defenders|consultation|online_clinic workshop|5|1|-|1|5
van|GRULAC||en|name-identity-nationality children|information_management|expert_mission online_clinic|3|0|tool|-5|2
wex|APG||zh en|development context-statistics-budget-civil-society|information_management|study_visit workshop|4|1|tool|8|3
yar|AG||ar fr|women marriage-family|engagement|expert_mission workshop|3|0|tool|1|2
zep|EEG||en|context-statistics-budget-civil-society cooperation-with-mechanisms|information_management|document_review online_clinic|4|1|tool|2|5
amb|AG|sids|pt|environment labour|consultation|mentoring online_clinic|2|0|-|-1|0
bel|APG||en|internally-displaced standard-of-living|coordination|workshop mentoring|3|0|-|5.5|1
cin|GRULAC||pt es|minorities equality-non-discrimination|engagement|document_review workshop|3|0|tool|-3|3
dre|AG|ldc lldc|en|property-credit women|coordination|study_visit|2|0|-|2|0
elm|APG|ldc lldc|en|standard-of-living health|information_management|mentoring online_clinic|2|0|tool|5.75|1
fen|WEOG||en|administration-of-justice effective-remedy|engagement|expert_mission document_review|3|0|-|0|4
gor|APG||zh|health cultural|coordination|expert_mission|2|0|-|8|0
hal|WEOG||fr|participation-vote human-rights-education|consultation|study_visit workshop|3|0|-|1|2
iso|EEG|lldc|ru en|persons-with-disabilities health|coordination|study_visit workshop|2|0|tool|4|1
jan|AG||en|human-rights-defenders physical-moral-integrity|consultation|mentoring expert_mission|2|0|-|3|1
kol|APG||ar|migrants labour|information_management|workshop expert_mission|3|0|tool|4|2
lir|GRULAC||es|participation-vote fundamental-freedoms|coordination|online_clinic mentoring|3|0|-|-5|1
mir|AG||fr|cooperation-with-mechanisms legal-institutional-framework|coordination|document_review mentoring|3|0|-|0|2
ner|APG|sids|en fr|children education|consultation|study_visit online_clinic|2|0|-|11|1
ost|EEG||en|environment business|coordination|expert_mission|2|0|-|2|1
"""

REQUESTS = """
A least developed State wants to see how children's recommendations are reported, in French|children|engagement|study_visit|fr|AG|ldc|0|ald
Advice on hearing women's organisations before a report, in English|women|consultation|expert_mission|en|EEG||2|bre
A small island asks for an hour by video on sharing climate work among ministries|environment|coordination|online_clinic|en|GRULAC|sids|-4|cor
A Pacific island wants to set up a tool for climate recommendations, with somebody in its hours|environment|information_management|mentoring|en|APG|sids|12|dun
A draft law on the mechanism needs a Russian-speaking reader|legal-institutional-framework|engagement|document_review|ru|EEG||3|est
Health and social ministries want to visit a neighbour that coordinates well|health standard-of-living|coordination|study_visit|en|AG||2|far
A Spanish-speaking State wants a tracking tool installed as its neighbour has it|cooperation-with-mechanisms|information_management|expert_mission|es|GRULAC||-5|gal
Consulting indigenous peoples: see it on the spot, in Spanish|indigenous-peoples|consultation|study_visit|es|GRULAC||-5|hes
A workshop on business and human rights among ministries|business|coordination|workshop|en|WEOG||1|ire
How to consult minorities: a workshop in English|minorities|consultation|workshop|en|EEG||2|jor
Labour migration and who answers for it: a visit, in Russian|migrants labour|coordination|study_visit|ru|APG|lldc|6|kes
Talks over some months on hearing women and children, in French, from a landlocked State|women children|consultation|mentoring|fr|AG|ldc lldc|1|lum
A training on human rights education, in Arabic|human-rights-education|engagement|workshop|ar|APG||3|mer
Experts on disability consultations who speak Spanish|persons-with-disabilities|consultation|expert_mission|es|GRULAC||-6|nor
A report to a treaty body needs an Arabic-speaking reader|cooperation-with-mechanisms|engagement|document_review|ar|APG||3|osm
A Caribbean visit on women's health, in Spanish|health women|engagement|study_visit|es|GRULAC|sids|-4|pel
A visit on schools and coordination, in Portuguese|education|coordination|study_visit|pt|AG||1|qua
Experts on places of detention, in Russian|liberty-security|engagement|expert_mission|ru|EEG||3|ros
Refugees and migrants: a visit to a neighbour, in French or English|refugees-asylum-seekers migrants|coordination|study_visit|fr en|AG||1|sor
A least developed island wants a companion on housing and climate coordination|standard-of-living environment|coordination|mentoring|en|APG|ldc sids|12|tal
An hour by video on how defenders can be heard, in French|human-rights-defenders|consultation|online_clinic|fr|WEOG||1|umb
Birth registration figures: an expert for the tool, in English|name-identity-nationality|information_management|expert_mission|en|GRULAC|sids|-4|van
Statistics and development plans: a visit, in Chinese or English|development|information_management|study_visit|zh en|APG||7|wex
Family law and reporting on women, experts in Arabic|marriage-family women|engagement|expert_mission|ar|AG||2|yar
Indicators on paper: somebody who reads our draft, in English|context-statistics-budget-civil-society|information_management|document_review|en|EEG||1|zep
An African island, Portuguese: somebody to talk to about consulting workers|labour|consultation|mentoring|pt|AG|sids|0|amb
Displaced people after a flood: a workshop for the ministries|internally-displaced|coordination|workshop|en|APG||6|bel
A report on equality needs a Portuguese-speaking reader|equality-non-discrimination|engagement|document_review|pt|AG||0|cin
Women's land rights: a visit to another landlocked State in English|property-credit women|coordination|study_visit|en|AG|ldc lldc|2|dre
A landlocked least developed State wants a simple tool for health follow-up, in talks over months|health|information_management|mentoring|en|APG|ldc lldc|6|elm
Remedies and courts: somebody who reads our draft report, in English|effective-remedy administration-of-justice|engagement|document_review|en|WEOG||1|fen est
Hospitals and ministries: an expert in Chinese|health|coordination|expert_mission|zh|APG||8|gor
Elections and consultation: a visit in French|participation-vote|consultation|study_visit|fr|WEOG||1|hal
Disability and health ministries: a visit, Russian, from a landlocked State|persons-with-disabilities health|coordination|study_visit|ru|APG|lldc|5|iso
Defenders at risk: somebody to talk to over some months, in English|human-rights-defenders|consultation|mentoring|en|AG||2|jan
A tool for migrant workers' recommendations: a training in Arabic|migrants labour|information_management|workshop|ar|APG||3|kol
How to bring electoral bodies together: an hour by video, in Spanish|participation-vote|coordination|online_clinic|es|GRULAC||-5|lir
A decree for the mechanism needs a French-speaking reader|legal-institutional-framework|coordination|document_review|fr|AG||1|mir
A Pacific island on hearing children: an hour by video|children|consultation|online_clinic|en|APG|sids|12|ner
Industry and pollution: experts in English|environment business|coordination|expert_mission|en|EEG||2|ost
Anybody with a tool who explains it in an hour, in English|cooperation-with-mechanisms|information_management|online_clinic|en|EEG||3|zep
A tool for small administrations, any theme, in English, American hours|name-identity-nationality environment|information_management|online_clinic|en|GRULAC|sids|-4|van dun
Reporting on children: whoever speaks French and has done it|children education|engagement|mentoring|fr|AG|ldc|1|ald
Reporting on women in French, in Africa|women|engagement|workshop|fr|AG||1|yar
Consulting on equality in French|equality-non-discrimination|consultation|workshop|fr|AG||0|bre
Ministries and workers: an hour by video|labour|coordination|online_clinic|en|EEG||2|ire
Children and schools: a visit, in English, island to island|children education|consultation|study_visit|en|APG|sids|12|ner
Indigenous peoples and nature: a workshop in Portuguese|indigenous-peoples environment|consultation|workshop|pt|GRULAC||-4|hes
Persons with disabilities: a reader for our consultation paper, in English|persons-with-disabilities|consultation|document_review|en|EEG||2|nor
Torture prevention: experts in Russian|physical-moral-integrity liberty-security|engagement|expert_mission|ru|APG|lldc|5|ros
Torture prevention and those who document it: talks in English|physical-moral-integrity|consultation|mentoring|en|AG||1|jan
Freedom of assembly: a workshop in English or French|fundamental-freedoms|consultation|workshop|en fr|AG||1|umb
Freedom of assembly: an hour by video in Spanish|fundamental-freedoms|coordination|online_clinic|es|GRULAC||-3|lir
Budget figures: a workshop on data, in English|context-statistics-budget-civil-society development|information_management|workshop|en|APG||8|wex
Refugees: experts in English to bring ministries together|refugees-asylum-seekers|coordination|expert_mission|en|AG||3|sor
Two ministries on housing: talks over months, in English|standard-of-living|coordination|mentoring|en|APG||6|bel tal
Follow-up to reviews: a visit in Spanish to a working tool|cooperation-with-mechanisms|information_management|study_visit|es|GRULAC||-3|gal
Replies to communications: talks in Arabic|cooperation-with-mechanisms|engagement|mentoring|ar|AG||1|osm
Statute of the committee: talks in French over months|legal-institutional-framework cooperation-with-mechanisms|coordination|mentoring|fr|AG|ldc|0|mir
Courts and reports: an expert who comes, in English|administration-of-justice|engagement|expert_mission|en|EEG||2|est fen
Minorities: experts in English on how to listen|minorities equality-non-discrimination|consultation|expert_mission|en|WEOG||1|jor
Reporting on minorities: a training in Spanish|minorities|engagement|workshop|es|GRULAC||-5|cin
Climate, health and the ministries of a small island: a reader for a plan|environment health|coordination|document_review|en|APG|sids|11|cor
Workers and consultation by video, in Portuguese|labour environment|consultation|online_clinic|pt|AG|sids|-1|amb
Education for human rights: a visit in French|human-rights-education participation-vote|consultation|study_visit|fr|AG||1|hal
Health figures in a tool: an hour by video between landlocked States|health standard-of-living|information_management|online_clinic|en|APG|lldc|5|elm
A tool for climate recommendations, in French, which nobody with such a tool speaks|environment|information_management|mentoring|fr|APG|sids|11|dun
A report on women needs a French-speaking reader, and none reads just that|women|engagement|document_review|fr|AG||1|yar mir
Minorities: a visit in Russian, which nobody offers as it stands|minorities|consultation|study_visit|ru|EEG||3|jor
No theme yet: somebody who trains in Arabic and has a tool||information_management|workshop|ar|APG||3|kol
Nothing but a theme: human rights defenders|human-rights-defenders||online_clinic|en|AG||2|umb jan
Statistics by video, in Chinese|context-statistics-budget-civil-society|information_management|online_clinic|zh|APG||8|wex
Indigenous peoples: talks over months in English, in another part of the world|indigenous-peoples|consultation|mentoring|en|APG||8|hes
Displaced people and refugees: a workshop in French|refugees-asylum-seekers internally-displaced|coordination|workshop|fr|AG||1|sor
Housing: an expert in French to bring ministries together|standard-of-living|coordination|expert_mission|fr|AG||1|far
Figures on children by video, in Spanish|children|information_management|online_clinic|es|GRULAC||-5|van
Counter-terrorism and detention: an expert in Russian or English|counter-terrorism liberty-security|engagement|expert_mission|ru en|EEG||2|ros
Consulting persons with disabilities: talks in French|persons-with-disabilities|consultation|mentoring|fr|WEOG||1|nor
Family law: an hour by video in Arabic|marriage-family|engagement|online_clinic|ar|APG||3|yar
Health ministries: a visit in Portuguese|health|coordination|study_visit|pt|AG||1|far qua
Persons with disabilities: a reader in Russian|persons-with-disabilities|coordination|document_review|ru|EEG||3|iso
No form chosen yet: business and the environment, in English|business environment|coordination||en|WEOG||0|ost ire
"""
