"""What a file in a European exchange format says of one learner: European Learning Model 3 (JSON-LD) and ELMO 1.7 (XML).

Both are records without a proof of ours: what is read here is what the file says, and nobody vouches for it. `view` is
what is told of either, `elm` and `elmo` write it, `elm_reading` and `elmo_reading` read it, `finding` tells them apart.
"""
