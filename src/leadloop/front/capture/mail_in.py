"""Where providers post the mail that comes for a portal.

Exempt from Django's CSRF check: who posts shows the portal's secret, or signs, and has no session.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leadloop.capture.mailbox import authenticate, take_in
from leadloop.front.openly import openly
from leadloop.kernel import clock
from leadloop.kernel.errors import Forbidden, LeadloopError, NotFound


@csrf_exempt
@openly
@require_POST
def mail_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Store what was posted and say so with 200 once it is durable; it is read afterwards.

    401 asks for the secret, as providers need before they send it; 404 when there is no such open portal.
    """
    body, content_type = request.read(), request.META.get("CONTENT_TYPE", "")
    authorization = request.headers.get("Authorization", "")
    try:
        post = authenticate(slug, authorization=authorization, body=body, content_type=content_type)
    except NotFound as error:
        return _refused(error, 404)
    except Forbidden as error:
        answer = _refused(error, 401)
        answer["WWW-Authenticate"] = 'Basic realm="mail"'
        return answer
    taken = take_in(post, body=body, content_type=content_type, now=clock.now())
    return JsonResponse({"id": taken, "status": "stored"})


def _refused(error: LeadloopError, status: int) -> JsonResponse:
    return JsonResponse(error.as_dict(), status=status)
