"""A web server that outlives a test must not remember that test's rows."""


class ForgetContentTypes:
    """Between two tests every table is emptied and content types are made anew, with other ids.

    Django keeps them in the process for good; the admin would write ids into its log that are gone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from django.contrib.contenttypes.models import ContentType

        ContentType.objects.clear_cache()
        return self.get_response(request)
