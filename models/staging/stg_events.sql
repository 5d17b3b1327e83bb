{{ chosen('events') }}
