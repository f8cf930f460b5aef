"""A folder of documents, brought in at once: what each file is, is read from the file itself."""
