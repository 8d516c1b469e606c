"""How is each kind of file read? One module a kind; every one runs in a child process (`ingest.sandbox`)."""
