"""What users of a generated Python client write: ADDRESS TOKEN.

Makes buckets and sets one member of each, by the model's constructor, by from_dict and by from_json; makes users and a
website. Prints what the client was given, a JSON object a line; the script that runs it looks at the service itself.
"""
import json
import sys

import mallard_client as mallard

ACCOUNT = 'demo'
ALL = 'cors,versioning,lifecycle,policy,publicAccess,encryption'

address, token = sys.argv[1:]
client = mallard.ApiClient(mallard.Configuration(host=address, api_key={'token': token}))
buckets = mallard.BucketsApi(client)
users = mallard.BucketUsersApi(client)
websites = mallard.WebsitesApi(client)


def tag(owner):
    return mallard.Tag(key='Owner', value=owner)


def cors(origin):
    return mallard.Cors(cors_rules=[mallard.CorsRule(allowed_origins=[origin], allowed_methods=['GET'])])


def policy(bucket, action):
    statement = {
        'Effect': 'Deny',
        'Principal': {'AWS': 'arn:aws:iam::210987654321:root'},
        'Action': action,
        'Resource': f'arn:aws:s3:::{bucket}/*',
    }
    return {'Version': '2012-10-17', 'Statement': [statement]}


def tell(what, of, value):
    print(json.dumps({'what': what, 'of': of, 'value': value}))


def make(name):
    buckets.create_bucket(ACCOUNT, mallard.CreateBucket(
        bucket_input=mallard.CreateBucketBucketInput(bucket=name),
        tags=[tag('ada')],
        cors=cors('https://a.example'),
        lifecycle='glacier',
        bucket_policy=policy(name, 's3:DeleteObject'),
    ))


# Each member of an update, as the constructor and as JSON have it; `name` is the bucket's.
BLOCK = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
UPDATES = {
    'tags': (
        lambda name: mallard.UpdateBucket(tags=[tag('bob')]),
        lambda name: {'Tags': [{'Key': 'Owner', 'Value': 'bob'}]},
    ),
    'cors': (
        lambda name: mallard.UpdateBucket(cors=cors('https://b.example')),
        lambda name: {'CORS': {'CORSRules': [{'AllowedOrigins': ['https://b.example'], 'AllowedMethods': ['GET']}]}},
    ),
    'versioning': (
        lambda name: mallard.UpdateBucket(versioning=mallard.Versioning(status='Enabled')),
        lambda name: {'Versioning': {'Status': 'Enabled'}},
    ),
    'lifecycle': (
        lambda name: mallard.UpdateBucket(lifecycle='expire-30'),
        lambda name: {'Lifecycle': 'expire-30'},
    ),
    'publicaccessblock': (
        lambda name: mallard.UpdateBucket(public_access_block=mallard.PublicAccessBlock(
            block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True)),
        lambda name: {'PublicAccessBlock': dict.fromkeys(BLOCK, True)},
    ),
    'bucketpolicy': (
        lambda name: mallard.UpdateBucket(bucket_policy=policy(name, 's3:DeleteObjectVersion')),
        lambda name: {'BucketPolicy': policy(name, 's3:DeleteObjectVersion')},
    ),
    'remove': (
        lambda name: mallard.UpdateBucket(remove=['CORS']),
        lambda name: {'Remove': ['CORS']},
    ),
}

for member, (built, plain) in UPDATES.items():
    for way, model in {
        'constructor': built,
        'dict': lambda name: mallard.UpdateBucket.from_dict(plain(name)),
        'json': lambda name: mallard.UpdateBucket.from_json(json.dumps(plain(name))),
    }.items():
        name = f'python-{way}-{member}'
        make(name)
        buckets.update_bucket(ACCOUNT, name, model(name))
        shown = buckets.show_bucket(ACCOUNT, name, include=ALL)
        tell('shown', name, json.loads(shown.to_json()))

home = 'python-constructor-tags'
for way, user in {
    'constructor': mallard.CreateUser(user=mallard.CreateUserUser(user_name='python-constructor-user')),
    'dict': mallard.CreateUser.from_dict({'User': {'UserName': 'python-dict-user'}}),
}.items():
    key = users.create_user(ACCOUNT, home, user).access_key
    tell('key', home, {'id': key.access_key_id, 'secret': key.secret_access_key})
reader = mallard.CreateUser.from_dict({'User': {'UserName': 'python-reader'}, 'Groups': ['BktROGrp']})
users.create_user(ACCOUNT, home, reader)
users.change_user(ACCOUNT, home, 'python-reader', mallard.ChangeUser.from_dict({'Status': 'Inactive'}))

site = 'python.example.org'
websites.create_website(ACCOUNT, mallard.CreateWebsite.from_dict(
    {'BucketInput': {'Bucket': site}, 'Tags': [{'Key': 'Owner', 'Value': 'ada'}], 'Lifecycle': 'glacier'}))
websites.update_website(ACCOUNT, site, mallard.UpdateWebsite.from_dict(UPDATES['cors'][1](site)))
tell('shown', site, json.loads(websites.show_website(ACCOUNT, site, include=ALL).to_json()))
