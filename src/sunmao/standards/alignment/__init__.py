"""The parts of the alignment engine: what makes two items of two standards likely counterparts.

Words: an *item* is anything with a title that a standard lists (an occupation, an outcome, a unit). A
*target* is an item that may be proposed; a *query* is the item a counterpart is sought for. A *reading* is
an item turned into words the targets are written in. A *mark* is one number saying how far a target fits a
query in one respect; the weighted sum of all marks is the *score*. A *confirmed row* is a pair of items that
people have accepted. A *slice* is a band of confidence with the precision measured in it.

Pure: no database, no web framework, no downloaded model. `sunmao.standards.align` puts the parts together.
"""
