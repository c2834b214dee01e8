"""Entry for tools that still call setup.py; everything is said in setup.cfg."""
import setuptools

setuptools.setup()
