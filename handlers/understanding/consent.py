"""Yes and no as people type them. Only a clear word counts: "yes but it still flickers" is neither, and is asked again."""

from __future__ import annotations

import re

from handlers.understanding.tokens import plain


def _sayings(text: str) -> frozenset[str]:
    return frozenset(" ".join(saying.split()) for saying in text.split("|"))


_YES = _sayings(
    """yes|yep|yeah|yea|yup|ya|yess|yesss|y|ok|okay|okey|okk|k|kk|sure|of course|correct|right|thats right|that is right|exactly|indeed|
    true|confirmed|confirm|i confirm|
    absolutely|definitely|certainly|fine|good|great|perfect|agreed|i agree|go ahead|do it|please do|sounds good|looks good|works|it
    works|that works|that worked|it does|works now|it works now|
    works again|it works again|working|working again|working now|its working|its working now|its working again|it is working again|
    fixed|its fixed|it is fixed|all fixed|all good|
    all good now|done|solved|resolved|its solved|it is solved|all set|good now|its good|it is|they are|i do|i am|we do|ja|oui|si|
    affirmative|approved|approve|accepted|
    +1|👍|✅|✔|✔️|👌|🙏👍|💯|☑️|☑|🆗|yes it is|yes it does|yes it works|yes fixed|yes all good|yes please|lgtm|jup|jep|aye|positive"""
)
_NO = _sayings(
    """no|nope|nah|n|no way|not yet|not really|not quite|not at all|never|negative|wrong|incorrect|not right|thats wrong|that is wrong|
    not correct|false|not fixed|
    its not fixed|it is not fixed|it isnt fixed|not working|its not working|it is not working|isnt working|it isnt working|still not|
    still not working|still broken|its still broken|
    it is still broken|doesnt work|it doesnt work|does not work|it does not work|still doesnt work|it still doesnt work|still the same|
    same problem|same as before|
    not solved|not resolved|unfortunately not|unfortunately no|sadly not|sadly no|i dont|i do not|its not|it is not|it isnt|isnt|dont|
    do not|do not do it|dont do it|
    rejected|reject|declined|decline|denied|no thanks|no thank you|nein|non|👎|❌|✖|✖️|🚫|-1|⛔|no it isnt|no it is not|no it doesnt|no it
    does not|no not yet|
    nothing changed|no change|didnt help|that didnt help|did not help|didnt work|did not work|nothing has changed|back again|its back|
    it is back|happened again|nay"""
)
_ASIDE = re.compile(
    r"\b(?:thanks?(?: you)?(?: so| very)?(?: much| a lot)?|thx|ty|cheers|please|pls|many|hi|hello|hey|super|really|now|"
    r"just checked|i think so)\b|[\U0001F3FB-\U0001F3FF\uFE0F]|🙂|😀|😊|😄|🎉|🙏|❤|:\)|:-\)|;\)|:\(|:-\("
)
_MARKS = re.compile(r"[^\w\s+\-👍👎✅✔👌💯☑🆗❌✖🚫⛔]|(?<!^)[-+](?=\D|$)")
_SHORTCODES = {
    ":+1:": "👍",
    ":thumbsup:": "👍",
    ":-1:": "👎",
    ":thumbsdown:": "👎",
    ":white_check_mark:": "✅",
    ":x:": "❌",
    ":ok_hand:": "👌",
}
_LONGEST = 80


def yes(text: str) -> bool | None:
    """True or False for a clear yes or no, else None."""
    if len(text) > _LONGEST:
        return None
    said = plain(text)
    for code, sign in _SHORTCODES.items():
        said = said.replace(code, sign)
    return _clear(said) if "?" not in said else None


def _clear(said: str) -> bool | None:
    """The whole of it must be one known saying, or nothing but sayings of one mind ("yes, all good")."""
    whole = _one(said)
    if whole is not None:
        return whole
    minds = {_one(part) for part in re.split(r"[,.;!\n]+|\s[-–—]+\s", said) if _bared(part)}
    return minds.pop() if len(minds) == 1 else None


def _one(said: str) -> bool | None:
    for shown in (_bared_of_marks(said), _bared(said)):
        words = _unrepeated(shown)
        if words in _YES:
            return True
        if words in _NO:
            return False
    return None


def _bared_of_marks(said: str) -> str:
    return " ".join(_MARKS.sub(" ", said).split())


def _bared(said: str) -> str:
    """Without thanks, smiles and marks."""
    return _bared_of_marks(_ASIDE.sub(" ", said))


def _unrepeated(words: str) -> str:
    """ "yes yes" and "👍👍" are said once."""
    parts = words.split() if " " in words else list(words)
    return parts[0] if parts and len(set(parts)) == 1 else words
