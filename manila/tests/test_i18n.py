from manila import i18n


def test_texts_without_a_translation_stay_as_they_are():
    assert i18n._('no such text in any catalogue') == 'no such text in any catalogue'
    assert i18n.translate('no such text in any catalogue', 'de') == 'no such text in any catalogue'


def test_english_is_always_there():
    assert any(language.startswith('en') for language in i18n.get_available_languages())
