Two digits with a blank between them
,>,,<[->+<]>------------------------------------------------.
