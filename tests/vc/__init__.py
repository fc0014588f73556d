"""Tests of the credential library; a package so that its fixtures stay its own."""
