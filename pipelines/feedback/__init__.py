"""What became of an ad platform's leads, stage by stage, as files it takes in."""
