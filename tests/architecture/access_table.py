"""Who may come in where. A new route without a line here fails, and so does a line without a route.

`WEB` is the public site, `DESK` the protection desk; a route of both stands in both.
`ANSWERS` says how each rule meets each visitor; a visitor not named gets what `"*"` says.
"""

from __future__ import annotations

IN = "in"
SIGN_IN = "sign in"
SAY_WHO = "say who you are"
PROVE = "show your own code"
REFUSED = "refused"
OPEN_LINK = "open your link"

BOTH = {
    "accounts.ask_code": "anyone",
    "accounts.begin_set_up": "own factor",
    "accounts.confirm_naming": "proved: protection, secretariat",
    "accounts.enter_code": "anyone",
    "accounts.finish_set_up": "own factor",
    "accounts.naming": "proved: protection, secretariat",
    "accounts.prove": "chosen",
    "accounts.say_who": "signed in",
    "accounts.set_up": "own factor",
    "accounts.set_up_qr": "own factor",
    "accounts.sign_in": "anyone",
    "accounts.sign_out": "signed in",
    "accounts.switch_seat": "chosen",
    "accounts.take_code": "anyone",
    "accounts.take_proof": "chosen",
    "accounts.who_are_you": "signed in",
    "accounts.workspace": "chosen",
    "health.live": "anyone",
    "health.ready": "anyone",
    "metrics.show": "this machine",
    "openapi.spec": "anyone",
}

WEB = BOTH | {
    "about.about": "anyone",
    "about.accessibility": "anyone",
    "about.open_data": "anyone",
    "about.privacy": "anyone",
    "applications.admit": "proved: secretariat",
    "applications.answer": "applicant",
    "applications.ask": "seat: secretariat",
    "applications.ask_link": "anyone",
    "applications.code": "anyone",
    "applications.confirm_by_code": "anyone",
    "applications.confirm_by_link": "anyone",
    "applications.confirm_page": "anyone",
    "applications.follow": "anyone",
    "applications.follow_to_confirm": "anyone",
    "applications.form": "anyone",
    "applications.join": "anyone",
    "applications.letter": "seat: secretariat",
    "applications.lost": "anyone",
    "applications.mine": "applicant",
    "applications.one": "seat: secretariat",
    "applications.propose": "proved: secretariat",
    "applications.queue": "seat: secretariat",
    "applications.refuse": "proved: secretariat",
    "applications.send": "anyone",
    "applications.withdraw": "applicant",
    "applications.withdraw_page": "applicant",
    "deliveries_api.deliveries": "token: administrator, secretariat",
    "mechanisms.directory": "anyone",
    "mechanisms.mechanism": "anyone",
    "mechanisms.open_csv": "anyone",
    "mechanisms.open_json": "anyone",
    "mechanisms_api.mechanism": "anyone",
    "mechanisms_api.mechanisms": "anyone",
    "members.add_contact": "seat: deputy, focal_point",
    "members.ask_hide_contact": "seat: deputy, focal_point",
    "members.change_contact": "seat: deputy, focal_point",
    "members.consent_page": "proved: authorising",
    "members.contacts": "seat: authorising, deputy, focal_point",
    "members.directory": "seat: authorising, deputy, focal_point, helpdesk, secretariat",
    "members.edit_contact": "seat: deputy, focal_point",
    "members.entry": "seat: authorising, deputy, focal_point, helpdesk, secretariat",
    "members.export": "seat: authorising, deputy, focal_point, helpdesk, secretariat",
    "members.give_consent": "proved: authorising",
    "members.hide_contact": "seat: deputy, focal_point",
    "members.new_contact": "seat: deputy, focal_point",
    "members.withdraw_consent": "proved: authorising",
    "offers.consent_page": "proved: authorising",
    "offers.edit": "seat: deputy, focal_point",
    "offers.give_consent": "proved: authorising",
    "offers.lower": "seat: authorising, deputy, focal_point",
    "offers.overview": "seat: authorising, deputy, focal_point",
    "offers.pause": "seat: authorising, deputy, focal_point",
    "offers.resume": "seat: authorising, deputy, focal_point",
    "offers.save": "seat: deputy, focal_point",
    "offers.send_back": "proved: authorising",
    "offers.take_down": "seat: deputy, focal_point",
    "offers.take_down_page": "seat: deputy, focal_point",
    "offers.withdraw_consent": "proved: authorising",
    "offers.withdraw_page": "proved: authorising",
    "offers_api.offers": "anyone",
    "profiles.agree": "proved: authorising",
    "profiles.compare": "seat: deputy, focal_point",
    "profiles.confirm": "seat: deputy, focal_point",
    "profiles.consent_page": "proved: authorising",
    "profiles.describe_first": "seat: deputy, focal_point",
    "profiles.edit": "seat: deputy, focal_point",
    "profiles.hide": "seat: deputy, focal_point",
    "profiles.own": "seat: deputy, focal_point",
    "profiles.own_one": "seat: deputy, focal_point",
    "profiles.part": "seat: deputy, focal_point",
    "profiles.restore": "seat: deputy, focal_point",
    "profiles.save": "seat: deputy, focal_point",
    "profiles.say_no": "proved: authorising",
    "profiles.send": "seat: deputy, focal_point",
    "profiles.show": "seat: deputy, focal_point",
    "programme.calendar": "anyone",
    "programme.document": "anyone",
    "programme.event": "anyone",
    "programme.events": "anyone",
    "programme.home": "anyone",
    "programme.open_csv": "anyone",
    "programme.open_json": "anyone",
    "programme.summary": "anyone",
    "programme_api.event": "anyone",
    "programme_api.events": "anyone",
    "registrations.act": "link holder",
    "registrations.approve": "proved: secretariat, triage",
    "registrations.ask": "anyone",
    "registrations.by_receipt": "anyone",
    "registrations.calendar": "link holder",
    "registrations.cancel_page": "link holder",
    "registrations.code": "anyone",
    "registrations.confirm_by_code": "anyone",
    "registrations.confirm_by_link": "anyone",
    "registrations.confirm_by_receipt": "anyone",
    "registrations.confirm_page": "anyone",
    "registrations.decide": "seat: secretariat, triage",
    "registrations.discreet_page": "link holder",
    "registrations.document": "link holder",
    "registrations.edit": "link holder",
    "registrations.follow": "anyone",
    "registrations.follow_to_confirm": "anyone",
    "registrations.lost": "anyone",
    "registrations.erase_page": "link holder",
    "registrations.letter_page": "link holder",
    "registrations.send_letter": "link holder",
    "registrations.read_letter": "seat: secretariat, triage",
    "registrations.mine": "link holder",
    "registrations.pass_on": "link holder",
    "registrations.pass_on_page": "link holder",
    "registrations.queue": "seat: secretariat, triage",
    "registrations.refuse": "proved: secretariat, triage",
    "registrations.register": "anyone",
    "registrations.save": "link holder",
    "registrations.send": "anyone",
    "registrations.triage": "seat: secretariat, triage",
    "registrations.summary": "proved: secretariat",
    "registrations.publish_summary": "proved: secretariat",
    "registrations_api.ask_link": "anyone",
    "registrations_api.pass_on": "link bearer",
    "registrations_api.seal": "link bearer",
    "registrations_api.change": "link bearer",
    "registrations_api.confirm": "anyone",
    "registrations_api.move": "link bearer",
    "registrations_api.read": "link bearer",
    "registrations_api.register": "anyone",
    "seats.call_off": "proved: authorising, secretariat",
    "seats.drop_nomination": "seat: authorising, deputy, focal_point, secretariat",
    "seats.hand_over": "seat: authorising, deputy, focal_point",
    "seats.letter": "seat: authorising, deputy, focal_point, secretariat",
    "seats.name_page": "seat: authorising, deputy, focal_point, secretariat",
    "seats.name_to_seat": "seat: authorising, deputy, focal_point, secretariat",
    "seats.nomination": "seat: authorising, deputy, focal_point, secretariat",
    "seats.nomination_letter": "seat: authorising, deputy, focal_point, secretariat",
    "seats.of_state": "seat: authorising, deputy, focal_point, secretariat",
    "seats.of_states": "seat: secretariat",
    "seats.own": "seat: authorising, deputy, focal_point",
    "seats.settle": "proved: authorising, secretariat",
    "consents.confirm_page": "proved: secretariat",
    "consents.confirm_paper": "proved: secretariat",
    "consents.consent": "seat: authorising, deputy, focal_point, secretariat",
    "consents.consents": "seat: authorising, deputy, focal_point, secretariat",
    "consents.document": "seat: authorising, deputy, focal_point, secretariat",
    "consents.contest": "proved: authorising",
    "consents.contest_page": "proved: authorising",
    "consents.enter_paper": "proved: secretariat",
    "consents.paper_page": "proved: secretariat",
    "consents.keep": "proved: authorising",
    "consents.keep_page": "proved: authorising",
    "consents.rule_page": "seat: authorising, deputy, focal_point",
    "consents.set_rule": "proved: authorising",
    "consents.withdraw": "proved: authorising",
    "consents.withdraw_page": "proved: authorising",
    "consents_api.consent": "token: authorising, deputy, focal_point, secretariat",
    "consents_api.consents": "token: authorising, deputy, focal_point, secretariat",
    "consents_api.give": "token: authorising, deputy, focal_point, secretariat",
    "mails.choose_mails": "seat: authorising, deputy, focal_point",
    "mails.mails": "seat: authorising, deputy, focal_point",
}

TRIALS = {
    "dev.attachment": "anyone",
    "dev.mail": "anyone",
    "dev.mail_json": "anyone",
    "dev.message": "anyone",
    "dev.message_html": "anyone",
    "dev.move_clock": "anyone",
    "dev.people": "anyone",
}
"""Served by the public site of demo and tests; production cannot even import them."""

DESK = BOTH | {
    "protection.clear": "proved: protection",
    "protection.desk": "seat: protection",
    "protection.find": "seat: protection",
    "protection.letter": "proved: protection",
    "protection.open_record": "proved: protection",
    "protection.record": "proved: protection",
}

VISITORS = (
    "anonymous",
    "behind a mailbox",
    "without a seat",
    "focal point",
    "focal point, just proved",
    "deputy",
    "organisation",
    "former secretariat, just proved",
    "authorising",
    "authorising, just proved",
    "secretariat",
    "secretariat, proved this morning",
    "secretariat, just proved",
    "secretariat, with an enrolment code",
    "triage",
    "triage, just proved",
    "administrator",
    "administrator, just proved",
    "protection",
    "protection, just proved",
    "protection named by one person, just proved",
)

TOKENS = ("a focal point's token", "a secretariat token", "an ended token")

_NOBODY = {"anonymous": SIGN_IN, "behind a mailbox": SAY_WHO, "an ended token": SIGN_IN}

_SECRETARIAT = {
    "secretariat": PROVE,
    "secretariat, with an enrolment code": PROVE,
    "secretariat, proved this morning": PROVE,
    "secretariat, just proved": IN,
}
_SECRETARIAT_AT_WORK = _SECRETARIAT | {
    "secretariat, proved this morning": IN,
    "a secretariat token": IN,
}
_TRIAGE = {"triage": PROVE, "triage, just proved": IN}
_PROTECTION = {"protection": PROVE, "protection, just proved": IN}

_WRITERS = {
    "focal point": IN,
    "focal point, just proved": IN,
    "deputy": IN,
    "organisation": IN,
    "a focal point's token": IN,
}
_AUTHORISING = {"authorising": PROVE, "authorising, just proved": IN}

ANSWERS: dict[str, dict[str, str]] = {
    "anyone": {"*": IN},
    "this machine": {"*": IN},
    "link holder": {"*": OPEN_LINK},
    "applicant": {"*": OPEN_LINK},
    "link bearer": {
        "*": SIGN_IN,
        "a focal point's token": REFUSED,
        "a secretariat token": REFUSED,
    },
    "token: administrator, secretariat": {
        "*": SIGN_IN,
        "a focal point's token": REFUSED,
        "a secretariat token": IN,
    },
    "token: authorising, deputy, focal_point, secretariat": {
        "*": SIGN_IN,
        "a focal point's token": IN,
        "a secretariat token": IN,
    },
    "signed in": {"anonymous": SIGN_IN, "*": IN},
    "chosen": _NOBODY | {"*": IN},
    "own factor": _NOBODY
    | {
        "*": PROVE,
        "focal point, just proved": IN,
        "former secretariat, just proved": IN,
        "authorising, just proved": IN,
        "secretariat, just proved": IN,
        "secretariat, with an enrolment code": IN,
        "triage, just proved": IN,
        "administrator, just proved": IN,
        "protection, just proved": IN,
        "protection named by one person, just proved": IN,
    },
    "seat: secretariat, triage": _NOBODY | {"*": REFUSED} | _SECRETARIAT_AT_WORK | _TRIAGE,
    "proved: secretariat, triage": _NOBODY | {"*": REFUSED} | _SECRETARIAT | _TRIAGE,
    "proved: secretariat": _NOBODY | {"*": REFUSED} | _SECRETARIAT,
    "seat: protection": _NOBODY | {"*": REFUSED} | _PROTECTION,
    "proved: protection": _NOBODY | {"*": REFUSED} | _PROTECTION,
    "seat: deputy, focal_point": _NOBODY | {"*": REFUSED} | _WRITERS,
    "seat: authorising, deputy, focal_point": _NOBODY | {"*": REFUSED} | _WRITERS | _AUTHORISING,
    "proved: authorising": _NOBODY | {"*": REFUSED} | _AUTHORISING,
    "seat: authorising, deputy, focal_point, secretariat": _NOBODY
    | {"*": REFUSED}
    | _WRITERS
    | _AUTHORISING
    | _SECRETARIAT_AT_WORK,
    "seat: authorising, deputy, focal_point, helpdesk, secretariat": _NOBODY
    | {"*": REFUSED}
    | _WRITERS
    | _AUTHORISING
    | _SECRETARIAT_AT_WORK,
    "proved: authorising, secretariat": _NOBODY | {"*": REFUSED} | _AUTHORISING | _SECRETARIAT,
    "seat: secretariat": _NOBODY | {"*": REFUSED} | _SECRETARIAT_AT_WORK,
    "proved: protection, secretariat": _NOBODY | {"*": REFUSED} | _PROTECTION | _SECRETARIAT,
}


def expected(rule: str, visitor: str) -> str:
    """What the table says of one rule and one visitor."""
    row = ANSWERS[rule]
    return row.get(visitor, row["*"])
