"""Effects: did it help, by how much, and how sure is that?"""
