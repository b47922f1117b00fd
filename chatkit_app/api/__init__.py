"""ChatKit over HTTP.

`chatkit_route` turns any `ChatKitServer` into one route of an application of your own. `create_api` is the HTTP side
of this application, and `shield` is what every request to it passes through first.
"""

from chatkit_app.api.app import create_api
from chatkit_app.api.route import chatkit_route
from chatkit_app.api.shield import shield

__all__ = ["chatkit_route", "create_api", "shield"]
