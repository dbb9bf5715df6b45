"""What stands around every test: servers, application, page checks, mailbox, processes."""
