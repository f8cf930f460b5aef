"""Jobs: written with the command that wants them, run by the worker process, watched and cancelled from anywhere."""
