"""From a model to trades: solve every case, take the smallest, round to tradeable shares, replay through the ledger."""
