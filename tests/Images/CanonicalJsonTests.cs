using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class CanonicalJsonTests
{
    [TestMethod]
    [DataRow("{ \"b\" : 1, \"a\" : [ true, null, -3 ] }", "{\"a\":[true,null,-3],\"b\":1}")]
    [DataRow("\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\\\/\\u00e9\\u007f<&'\"", "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u00e9\u007f<&'\"")]
    [DataRow("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}", "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}")]
    [DataRow("9007199254740991", "9007199254740991")]
    public void There_is_one_form(string text, string canonical) =>
        Assert.AreEqual(canonical, Encoding.UTF8.GetString(CanonicalJson.Serialize(CanonicalJson.Parse(Encoding.UTF8.GetBytes(text)))));

    [TestMethod]
    [DataRow("1.5")]
    [DataRow("1.0")]
    [DataRow("1e3")]
    [DataRow("-0")]
    [DataRow("9007199254740992")]
    [DataRow("{\"a\":1,\"a\":1}")]
    [DataRow("[1,]")]
    [DataRow("[1] // no")]
    [DataRow("\"\\ud800\"")]
    public void What_has_no_such_form_is_refused(string text) =>
        Assert.ThrowsExactly<FormatException>(() => CanonicalJson.Serialize(CanonicalJson.Parse(Encoding.UTF8.GetBytes(text))));

    [TestMethod]
    public void The_order_of_keys_does_not_matter() =>
        Gen.Dictionary(Gen.String, Gen.Int)[0, 20].SelectMany(members => Gen.Shuffle(members.ToArray()).Select(shuffled => (members, shuffled)))
            .Where(sample => sample.members.Keys.All(key => !key.Any(char.IsSurrogate)))
            .Sample((members, shuffled) => CollectionAssert.AreEqual(CanonicalJson.Serialize(Object(members)), CanonicalJson.Serialize(Object(shuffled))));

    [TestMethod]
    public void What_was_written_reads_as_the_same() =>
        Gen.String.Array.Where(texts => !texts.Any(text => text.Any(char.IsSurrogate))).Sample(texts =>
        {
            var bytes = CanonicalJson.Serialize(new JsonArray([.. texts.Select(text => (JsonNode?)text)]));
            CollectionAssert.AreEqual(texts, CanonicalJson.Parse(bytes)!.AsArray().Select(node => node!.GetValue<string>()).ToArray());
        });

    private static JsonObject Object(IEnumerable<KeyValuePair<string, int>> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value)));
}
