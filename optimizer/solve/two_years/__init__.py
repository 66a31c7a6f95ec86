"""Two tax years solved, proven, rounded and replayed: the pairs of cases, and both years' trades through one ledger."""
