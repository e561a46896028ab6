"""What questions share when they tell: quantities, numbers, tables, findings, the style of figures."""
