"""Where the parts are put together: settings, urls, jobs, commands; the only place that knows every kind."""
