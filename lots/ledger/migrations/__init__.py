"""The numbered steps that bring a kept ledger from any earlier version of its tables to this one."""
