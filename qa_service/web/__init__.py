"""What do people see? The search page, the source viewer, the widget and the staff console."""
