"""The budgets, measured: each figure beside the limit that was measured in the same run on the same machine."""
