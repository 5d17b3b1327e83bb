{{ chosen('sources') }}
