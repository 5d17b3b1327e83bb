{{ chosen('actors') }}
