"""How the network is trained, one idea a file.

``settings``     what decides a run
``schedule``     how much of the work is done, and the learning rate then
``starts``       the weights that a run starts from
``depth``        which blocks are fine-tuned, and which stay as they are
``batches``      which pictures come when, augmented
``processes``    several processes that train one network together
``trainer``      the run itself
``checkpoints``  where a killed run goes on
``watch``        those who look on while it trains
``tune``         many short runs in search of good settings
"""
