{{ told_by_documents_read('claims') }}
