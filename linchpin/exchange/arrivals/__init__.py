"""Files of any kind dropped together: what each is, who is who in all of them, and taking them over in the right order."""
