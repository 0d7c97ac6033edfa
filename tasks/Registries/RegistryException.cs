namespace StageX.Build.Registries;

/// <summary>One exchange with a registry failed in a way that another attempt may mend.</summary>
internal sealed class RegistryException(string message, Exception? inner = null) : Exception(message, inner);
