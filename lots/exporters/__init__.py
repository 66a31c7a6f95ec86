"""What the ledger hands out: Form 8949 and Schedule D, beancount entries, our own CSV."""
