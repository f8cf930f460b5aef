"""Files: checked by their content, kept under their hash, served with safe headers."""
