"""Writers: what leaves the program as a file. One module a kind of file, each given values and a path."""
