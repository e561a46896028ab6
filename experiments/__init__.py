"""What people run: comparisons of arms, with their results, tables and figures. `sim` never imports this."""
