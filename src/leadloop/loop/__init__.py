"""The whole product flow: intake, commands, routes, pump, command line."""
