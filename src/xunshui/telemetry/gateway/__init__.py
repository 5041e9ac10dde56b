"""The gateway: takes what devices send, keeps it, and only then says so."""
