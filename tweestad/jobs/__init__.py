"""Work that goes on beside the web: now the processes that share a build, later the queue."""
