"""The authenticated client with the libraries that have taken the place of oauth2client; it writes as well.

`python client_google_auth.py [MESSAGE]`
"""

import os
import pprint
import sys

from google_auth_oauthlib.flow import InstalledAppFlow
from googleapiclient import discovery

CLIENT = {
    'installed': {
        'client_id': 'guestbook-writer',
        'client_secret': 'not-a-secret',
        'auth_uri': 'http://localhost:9400/authorize',
        'token_uri': 'http://localhost:9400/token'}}
SCOPES = ['https://www.googleapis.com/auth/userinfo.email']

# The provider is on this machine. Without this line, and for any other provider, https is demanded.
os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'


def main(argv):
  # Sign in: a browser opens, and comes back to this program with a code, which it changes for tokens.
  flow = InstalledAppFlow.from_client_config(CLIENT, SCOPES)
  credentials = flow.run_local_server(port=0)

  # Build a service object; google-auth puts the token into each request, and renews it.
  api_root = 'http://localhost:8080/_ah/api'
  discovery_url = f'{api_root}/discovery/v1/apis/guestbook/v0.2/rest'
  service = discovery.build('guestbook', 'v0.2', discoveryServiceUrl=discovery_url, credentials=credentials)

  # Sign a greeting, read it, and delete it.
  written = service.greetings().insert(body={'message': ' '.join(argv[1:]) or 'Good morning'}).execute()
  pprint.pprint(service.greetings().get(id=written['id']).execute())
  service.greetings().delete(id=written['id']).execute()


if __name__ == '__main__':
  main(sys.argv)
