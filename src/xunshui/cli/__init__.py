"""The command line `xunshui`: one file a command group."""
