"""The planning phase: a year opens, owners calculate and negotiate, tenants answer."""
