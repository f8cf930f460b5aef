"""The demo organization: played through commands by its own people, in a home that is marked as a demonstration."""
