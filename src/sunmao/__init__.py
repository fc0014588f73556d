"""Sunmao: runs international cooperation in vocational education, from the signature to the recognised skill."""
