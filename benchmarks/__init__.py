"""Speed, scale and accuracy; each prints ratios against a baseline run beside it. Never timed tests."""
