"""Translation of texts that users read: ``_('text')``."""
import oslo_i18n

DOMAIN = 'manila'

_translators = oslo_i18n.TranslatorFactory(domain=DOMAIN)

#: Marks a text of an exception or an answer for translation.
_ = _translators.primary


def enable_lazy():
    """Keep texts untranslated until it is known who reads them."""
    return oslo_i18n.enable_lazy()


def translate(value, user_locale):
    """The text in the language of ``user_locale``."""
    return oslo_i18n.translate(value, user_locale)


def get_available_languages():
    """Languages for which there are translations."""
    return oslo_i18n.get_available_languages(DOMAIN)
