"""What people do: one function for each event, command, shortcut, button and modal."""
