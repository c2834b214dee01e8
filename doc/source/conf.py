"""Sphinx configuration; pages about options, policies and operations are made from the code."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'extensions'))

from manila import version  # noqa: E402  (needs the path above)

project = 'Manila'
copyright = 'the Manila authors'
version = release = version.version_string()
extensions = ['oslo_config.sphinxext', 'oslo_policy.sphinxext', 'operations']
root_doc = 'index'
html_theme = 'alabaster'
html_theme_options = {'description': 'Shared file systems as a service', 'fixed_sidebar': True}
nitpicky = False
