"""What people see: one renderer for each kind of message, card, modal and tab."""
