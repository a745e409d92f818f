"""What the room lets others know: that the columnar copy holds rows of persons."""

from leadloop.people.stores import register_store
from leadloop.tracking.erasure import erase

register_store("columnar copy", erase, says="rows without a name, for measures")
