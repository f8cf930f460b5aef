"""Who is asked for something on a record (to review it, to approve it, to have read it), and who has answered."""
