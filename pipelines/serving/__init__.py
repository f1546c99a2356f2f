"""What `pipelines.publish` is made of: which tables go out, how they are written, judged and shown."""
