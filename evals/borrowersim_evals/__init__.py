"""The evaluator: rules of law, marks for respect and clarity, judges, suites, runs, reports."""
