"""The application: command line and web page. The only place that knows simulator and evaluator."""
