import java.util.List;
import java.util.Map;
import java.util.Set;
import mallard.ApiClient;
import mallard.api.BucketUsersApi;
import mallard.api.BucketsApi;
import mallard.api.WebsitesApi;
import mallard.model.BucketDetails;
import mallard.model.BucketGroup;
import mallard.model.ChangeUser;
import mallard.model.Cors;
import mallard.model.CorsMethod;
import mallard.model.CorsRule;
import mallard.model.CreateBucket;
import mallard.model.CreateBucketBucketInput;
import mallard.model.CreateUser;
import mallard.model.CreateUserUser;
import mallard.model.CreateWebsite;
import mallard.model.CreateWebsiteBucketInput;
import mallard.model.KeyStatus;
import mallard.model.Lifecycle;
import mallard.model.NewAccessKey;
import mallard.model.PublicAccessBlock;
import mallard.model.RemovableSetting;
import mallard.model.Tag;
import mallard.model.UpdateBucket;
import mallard.model.UpdateWebsite;
import mallard.model.UserCreated;
import mallard.model.Versioning;

/**
 * What users of a generated Java client write: ADDRESS TOKEN. Makes buckets and sets one member of each, makes a user and
 * a website. Prints what the client was given, a JSON object a line; the script that runs it looks at the service itself.
 */
public final class GeneratedFlows {
    private static final String ACCOUNT = "demo";
    private static final String ALL = "cors,versioning,lifecycle,policy,publicAccess,encryption";

    private final ApiClient client = new ApiClient();
    private final BucketsApi buckets;
    private final BucketUsersApi users;
    private final WebsitesApi websites;

    private GeneratedFlows(final String address, final String token) {
        client.updateBaseUri(address);
        client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
        // They take both over from the client when they are made.
        buckets = new BucketsApi(client);
        users = new BucketUsersApi(client);
        websites = new WebsitesApi(client);
    }

    public static void main(final String[] args) throws Exception {
        final GeneratedFlows flows = new GeneratedFlows(args[0], args[1]);
        flows.setOneMemberOfEach();
        flows.makeUser();
        flows.changeWebsite();
    }

    private void setOneMemberOfEach() throws Exception {
        set("tags", new UpdateBucket().addTagsItem(tag("bob")));
        set("cors", new UpdateBucket().CORS(cors("https://b.example")));
        set("versioning", new UpdateBucket().versioning(new Versioning().status(Versioning.StatusEnum.ENABLED)));
        set("lifecycle", new UpdateBucket().lifecycle("expire-30"));
        set("publicaccessblock", new UpdateBucket().publicAccessBlock(new PublicAccessBlock()
            .blockPublicAcls(true).ignorePublicAcls(true).blockPublicPolicy(true).restrictPublicBuckets(true)));
        set("bucketpolicy", new UpdateBucket().bucketPolicy(policy("java-bucketpolicy", "s3:DeleteObjectVersion")));
        set("remove", new UpdateBucket().addRemoveItem(RemovableSetting.CORS));
    }

    private void set(final String member, final UpdateBucket update) throws Exception {
        final String name = "java-" + member;
        buckets.createBucket(ACCOUNT, new CreateBucket()
            .bucketInput(new CreateBucketBucketInput().bucket(name))
            .addTagsItem(tag("ada"))
            .CORS(cors("https://a.example"))
            .lifecycle(Lifecycle.GLACIER)
            .bucketPolicy(policy(name, "s3:DeleteObject")), null, null, null, null, null);
        buckets.updateBucket(ACCOUNT, name, update, null, null, null, null, null);
        final BucketDetails shown = buckets.showBucket(ACCOUNT, name, ALL, null);
        print("shown", name, shown);
    }

    private void makeUser() throws Exception {
        final UserCreated made = users.createUser(ACCOUNT, "java-tags", new CreateUser().user(new CreateUserUser().userName("java-user")), null, null, null, null, null);
        final NewAccessKey key = made.getAccessKey();
        print("key", "java-tags", Map.of("id", key.getAccessKeyId(), "secret", key.getSecretAccessKey()));
        final String reader = "java-reader";
        users.createUser(ACCOUNT, "java-tags", new CreateUser()
            .user(new CreateUserUser().userName(reader)).groups(Set.of(BucketGroup.BKT_RO_GRP)), null, null, null, null, null);
        users.changeUser(ACCOUNT, "java-tags", reader, new ChangeUser().status(KeyStatus.INACTIVE), null, null, null, null, null);
    }

    private void changeWebsite() throws Exception {
        final String name = "java.example.org";
        websites.createWebsite(ACCOUNT, new CreateWebsite()
            .bucketInput(new CreateWebsiteBucketInput().bucket(name)).addTagsItem(tag("ada")).lifecycle(Lifecycle.GLACIER), null, null, null, null, null);
        websites.updateWebsite(ACCOUNT, name, new UpdateWebsite().CORS(cors("https://b.example")), null, null, null, null, null);
        print("shown", name, websites.showWebsite(ACCOUNT, name, ALL, null));
    }

    private static Tag tag(final String owner) {
        return new Tag().key("Owner").value(owner);
    }

    private static Cors cors(final String origin) {
        return new Cors().addCoRSRulesItem(new CorsRule().addAllowedOriginsItem(origin).addAllowedMethodsItem(CorsMethod.GET));
    }

    private static Map<String, Object> policy(final String bucket, final String action) {
        return Map.of("Version", "2012-10-17", "Statement", List.of(Map.of(
            "Effect", "Deny",
            "Principal", Map.of("AWS", "arn:aws:iam::210987654321:root"),
            "Action", action,
            "Resource", "arn:aws:s3:::" + bucket + "/*")));
    }

    private void print(final String what, final String of, final Object value) throws Exception {
        System.out.println(client.getObjectMapper().writeValueAsString(Map.of("what", what, "of", of, "value", value)));
    }
}
